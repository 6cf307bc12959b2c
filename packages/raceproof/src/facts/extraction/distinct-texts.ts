// Texts in, one after the other, each of them once out. Few are the rule: a list is searched, and only a long one gets an index.

const shortList = 12;

export class DistinctTexts {
  readonly list: string[] = [];
  private index: Set<string> | undefined;

  add(text: string): void {
    if (this.has(text)) return;
    this.list.push(text);
    if (this.index) this.index.add(text);
    else if (this.list.length > shortList) this.index = new Set(this.list);
  }

  private has(text: string): boolean {
    return this.index ? this.index.has(text) : this.list.includes(text);
  }
}
