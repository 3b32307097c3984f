"""What people are told: messages, their kinds, and how they read."""
