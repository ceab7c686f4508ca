"""The net that finds the digits on a page, what it learns from, its losses."""
