# Lines that src/rules/db/engine-per-request.test.sql looks at, by their numbers.


def standing(url):
    # one that keeps its connections
    engine = create_engine(url, pool_size=5)
    query = text("SELECT 1")
    with engine.connect() as connection:
        return connection.execute(query).one()


def other(url):
    with url.connect() as connection:
        return connection.execute(query).one()
