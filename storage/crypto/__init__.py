"""Encryption, key slots, passphrases and signatures."""
