"""What all commands use: the context, the terminal, progress and exit codes."""
