"""What a kit brings along to install itself."""
