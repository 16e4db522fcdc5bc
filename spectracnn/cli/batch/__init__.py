"""Commands over many spectra: shards, a journal of what is done, one result at the end."""
