"""Analytics: measures, dimensions, and how a question becomes SQL and an answer."""
