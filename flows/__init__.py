"""What happens in which order. No step has effects here: flows only order tasks."""
