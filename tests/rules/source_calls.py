"""Lines of `home` call one after the other and need nothing of one another; one of `needing` does."""


def home(client):
    name = client.get(1)
    orders = client.get(2)
    offers = client.get(3)
    return name, orders, offers


def needing(client):
    name = client.get(1)
    orders = client.get(name)
    offers = client.get(3)
    return name, orders, offers
