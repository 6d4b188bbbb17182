"""The demo: a year of twelve people's dealings, told by themselves to the real engine."""
