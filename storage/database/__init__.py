"""SQLCipher: the cipher, its pages and locks, the connection, the tables and what may go wrong."""
