"""What correspondents, the national team and administrators reach with a browser."""
