"""What can be told of all commands from their parsers: help, completion, the reference."""
