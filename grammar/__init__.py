"""The generative grammar: seeded sampling of core lines, states and programs, splits by hash."""
