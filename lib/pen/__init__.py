"""Our own pen: doodles and digits, drawn stroke by stroke."""
