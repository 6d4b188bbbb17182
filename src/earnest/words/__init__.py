"""Sentences for people: what the core says in codes and facts."""
