"""Earnest: self-hosted milestone payments.

Money is set aside before the work starts, and only the other side can give it up.
"""
