"""The commands of analytics, one module a noun."""
