"""Systems we plug in, one folder each, every port with a console twin."""
