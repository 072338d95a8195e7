// What every page gains from scripts. Each part looks for its place and does nothing without it.
