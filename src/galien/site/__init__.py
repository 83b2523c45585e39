"""Where everything is put together: settings, addresses, services, the console command."""
