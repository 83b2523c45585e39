"""The net-net price: contracts resolved to terms when a release is made, and read back step by step."""
