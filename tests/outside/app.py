"""A data API as somebody else would write it: FastAPI, a token header on every operation, nothing of Toolwright.

`uvicorn app:app` serves it and publishes its own openapi.json. Each request is logged on one line of standard
output as JSON, with the header names it carried and the value of X-Token, so that a check can read what arrived.
"""

import json
import sys
from enum import Enum
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field


class Order(str, Enum):
    """The order of a list."""

    name = "name"
    price = "price"
    price_descending = "-price"


class Currency(str, Enum):
    eur = "EUR"
    usd = "USD"
    jpy = "JPY"


class Money(BaseModel):
    amount: Annotated[float, Field(gt=0, description="More than nothing.")]
    currency: Currency = Currency.eur


class Dimensions(BaseModel):
    """Outer measures in centimetres."""

    width: Annotated[float, Field(gt=0, le=500)]
    height: Annotated[float, Field(gt=0, le=500)]
    depth: Annotated[float | None, Field(gt=0, le=500)] = None


class Supplier(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    country: Annotated[str | None, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None


class ItemCreate(BaseModel):
    kind: Literal["item"] = "item"
    name: Annotated[str, Field(min_length=1, max_length=120)]
    description: Annotated[str | None, Field(max_length=2000)] = None
    price: Money
    dimensions: Dimensions | None = None
    suppliers: Annotated[list[Supplier], Field(max_length=10)] = []
    tags: Annotated[list[str], Field(max_length=20)] = []
    in_stock: bool = True


class ItemUpdate(BaseModel):
    """What is left out stays as it is; null clears a field."""

    name: Annotated[str | None, Field(min_length=1, max_length=120)] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    price: Money | None = None
    dimensions: Dimensions | None = None
    tags: list[str] | None = None
    in_stock: bool | None = None


class Item(ItemCreate):
    id: int


class Identity(BaseModel):
    headers: Annotated[dict[str, str], Field(description="Every header of the request, by lower-case name.")]


def token(x_token: Annotated[str, Header(description="The caller's own token.")]) -> str:
    if x_token.startswith("expired"):
        raise HTTPException(status_code=401, detail="The token has expired")
    return x_token


Token = Annotated[str, Depends(token)]
ItemId = Annotated[int, Path(ge=1, description="The number of the item.")]


def operation_id(route: APIRoute) -> str:
    return route.name


app = FastAPI(
    title="Data API",
    version="1.0.0",
    description="Items, and who is asking.",
    generate_unique_id_function=operation_id,
)


@app.middleware("http")
async def log(request: Request, call_next):
    response = await call_next(request)
    line = {
        "method": request.method,
        "target": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "headers": sorted(request.headers.keys()),
        "x-token": request.headers.getlist("x-token"),
        "status": response.status_code,
    }
    print(json.dumps(line), file=sys.stdout, flush=True)
    return response


def item(item_id: int, **fields) -> Item:
    return Item(**{"id": item_id, "name": f"Item {item_id}", "price": Money(amount=9.5)} | fields)


@app.get("/items", tags=["items"])
def list_items(
    _: Token,
    tag: Annotated[list[str] | None, Query(max_length=8, description="Items with any of these tags.")] = None,
    order: Annotated[Order, Query(description="The order of the list.")] = Order.name,
    minimum_price: Annotated[float | None, Query(gt=0)] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many to answer with.")] = 20,
) -> list[Item]:
    """List items."""
    items = [item(number, tags=tag or []) for number in range(1, min(limit, 3) + 1)]
    return list(reversed(items)) if order is Order.price_descending else items


@app.post("/items", tags=["items"], status_code=201)
def create_item(_: Token, body: ItemCreate) -> Item:
    """Create an item."""
    return Item(id=1000, **body.model_dump())


@app.get("/items/{item_id}", tags=["items"])
def get_item(
    _: Token,
    item_id: ItemId,
    q: Annotated[str | None, Query(max_length=50, description="Words to look for in the item's notes.")] = None,
) -> Item:
    """Read one item."""
    if item_id > 100_000:
        raise HTTPException(status_code=404, detail="No such item")
    return item(item_id, description=q)


@app.patch("/items/{item_id}", tags=["items"])
def update_item(_: Token, item_id: ItemId, body: ItemUpdate) -> Item:
    """Change an item.

    Fields that are left out keep their values.
    """
    return item(item_id, **body.model_dump(exclude_unset=True, exclude_none=True))


@app.delete("/items/{item_id}", tags=["items"], status_code=204)
def delete_item(_: Token, item_id: ItemId) -> Response:
    """Delete an item."""
    return Response(status_code=204)


@app.get("/suppliers/{supplier}/items", tags=["suppliers"])
def supplier_items(
    _: Token,
    supplier: Annotated[str, Path(min_length=1, max_length=80, description="The supplier's name.")],
) -> list[Item]:
    """List what one supplier delivers."""
    return [item(1, suppliers=[Supplier(name=supplier)])]


@app.get("/whoami", tags=["account"])
def whoami(_: Token, request: Request) -> Identity:
    """Show the headers that arrived.

    For whoever wants to see what a gateway passes on.
    """
    return Identity(headers=dict(request.headers))
