"""How the columns of a software become ours, and making that correspondence."""
