"""Languages that other systems speak: wire types, conversion and endpoints. The rooms never learn them."""
