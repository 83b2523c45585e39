"""Claims to suppliers: what invoices owe, sent, followed until credit notes answer."""
