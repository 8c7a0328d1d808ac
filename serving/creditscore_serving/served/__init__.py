"""What is served: an edition of bundle, policies and scored day, prepared, verified and swapped as one."""
