//! HTTP: thin handlers over `app`. Extract, one call, convert.
