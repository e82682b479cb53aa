"""Central on PostgreSQL."""
