"""Lost persons imputed: what is expected of them, and how far the answer varies for it."""
