"""The front door: settings, urls, wiring, page layout, form adapter, design system, one file per authority."""
