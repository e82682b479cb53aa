"""The frame of every page and dialog: its lines, and the app that keeps them true."""
