"""The demo: a year of six people's dealings, told by themselves to the real engine."""
