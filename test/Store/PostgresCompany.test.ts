/** When a store on PostgreSQL knows that no other one listens, and need not tell. */
import { assert, describe, it } from "@effect/vitest"
import { Company } from "../../src/Store/postgres/Company.ts"

/** A store that listens since time 0 and hears itself every ten seconds. */
const make = () => {
  const time = { now: 0 }
  const company = new Company(() => time.now)
  const passes = (milliseconds: number) => {
    for (const end = time.now + milliseconds; time.now < end; time.now += 1000) {
      if (time.now % 10_000 === 0) company.heard(true)
    }
    return company.isNone
  }
  return { company, passes, time }
}

describe("the company of a store", () => {
  it("is none once nobody answers a call", () => {
    const { company, passes } = make()
    assert.isFalse(company.isNone)
    company.begins()
    assert.isFalse(passes(1000))
    assert.isTrue(passes(1000))
    assert.isTrue(passes(100_000))
  })

  it("is there as long as another listener says so now and then", () => {
    const { company, passes } = make()
    company.begins()
    passes(1000)
    company.heard(false)
    assert.isFalse(passes(10_000))
    company.heard(false)
    assert.isFalse(passes(24_000))
    assert.isTrue(passes(1000))
    company.heard(false)
    assert.isFalse(company.isNone)
  })

  it("may be there where the store does not listen, or is deaf", () => {
    const { company, passes, time } = make()
    assert.isFalse(passes(100_000))
    company.begins()
    assert.isTrue(passes(10_000))
    company.ends()
    assert.isFalse(passes(10_000))
    company.begins()
    assert.isTrue(passes(11_000))
    time.now += 30_000
    assert.isFalse(company.isNone)
  })
})
