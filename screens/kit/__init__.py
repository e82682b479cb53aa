"""What all pages use: the shell, the frame, lists, dialogs, forms and keys."""
