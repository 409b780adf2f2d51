"""Heroes with the team of each (FastAPI, asynchronous SQLAlchemy, PostgreSQL)."""
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncAttrs, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

engine = create_async_engine(os.environ["WORLD_DSN"].partition("?")[0].replace("postgresql://", "postgresql+asyncpg://"))
session = async_sessionmaker(engine, expire_on_commit=False)
eager = selectinload


class Base(AsyncAttrs, DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Hero(Base):
    __tablename__ = "hero"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team: Mapped[Team] = relationship()


@asynccontextmanager
async def lifespan(_):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    async with session() as s:
        s.add_all(Team(id=n, name=f"team {n}") for n in range(1, 41))
        await s.flush()
        s.add_all(Hero(name=f"hero {n}", team_id=1 + n % 40) for n in range(80))
        await s.commit()
    yield


app = FastAPI(lifespan=lifespan)


def label(hero, team):
    initials = "".join(word[0] for word in (team.name + " " + hero.name).split())
    return {"hero": hero.name, "team": team.name, "initials": initials.upper()}


@app.get("/heroes")
async def heroes():
    async with session() as s:
        found = (await s.scalars(select(Hero).options(eager(Hero.team)).order_by(Hero.id).limit(15))).all()
        return [label(hero, await hero.awaitable_attrs.team) for hero in found]
