"""Orders of a shop: prices an order, with the day's discounts."""
import hashlib
import json

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()
DISCOUNTS = {hashlib.sha256(str(n).encode()).hexdigest()[:6]: n % 20 for n in range(5000)}


class Address(BaseModel):
    street: str
    city: str
    zip: str = Field(max_length=12)


class Item(BaseModel):
    sku: str
    count: int = Field(ge=1)
    note: str | None = None


class Order(BaseModel):
    customer: str
    address: Address
    items: list[Item]
    coupon: str | None = None
    gift: bool = False


@app.post("/orders")
async def price(order: Order):
    seal = hashlib.sha256(json.dumps(order.model_dump(), sort_keys=True).encode()).hexdigest()
    off = DISCOUNTS.get(order.coupon, 0)
    return {"total": sum(i.count * len(i.sku) for i in order.items) * (100 - off) / 100, "seal": seal}
