/**
 * A list whose members can be removed from anywhere in constant time.
 */

/** A member of one list. */
export interface Linked<A> {
  before: A | undefined
  after: A | undefined
}

export class Links<A extends Linked<A>> {
  private head: A | undefined = undefined
  private tail: A | undefined = undefined

  get first(): A | undefined {
    return this.head
  }

  get isEmpty(): boolean {
    return this.head === undefined
  }

  /** Adds a member, which is in no list, at the end. */
  push(member: A): void {
    member.before = this.tail
    member.after = undefined
    if (this.tail === undefined) this.head = member
    else this.tail.after = member
    this.tail = member
  }

  remove(member: A): void {
    const { after, before } = member
    if (before === undefined) this.head = after
    else before.after = after
    if (after === undefined) this.tail = before
    else after.before = before
    member.before = undefined
    member.after = undefined
  }

  /** Moves a member to the end. */
  rotate(member: A): void {
    if (member === this.tail) return
    this.remove(member)
    this.push(member)
  }
}
