"""One digit on a picture: its ink found, framed, classified, explained."""
