"""What the measures of the tables compute: arrays in, numbers out."""
