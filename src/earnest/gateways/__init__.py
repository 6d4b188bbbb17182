"""The outside money: one module a provider, each speaking that provider's language.

A gateway is asked with our id as its key, as often as it takes; what it says becomes an action by
SYSTEM. It never sees a transaction of ours, and we never hold one while it is asked.
"""
