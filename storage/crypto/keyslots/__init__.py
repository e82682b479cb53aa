"""The key file of a vault: slots that each open it, and the keys derived from what they hold."""
