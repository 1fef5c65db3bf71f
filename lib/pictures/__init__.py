"""Pictures that people bring: safe loading, archives, paper and ink, and how a drawing is laid out."""
