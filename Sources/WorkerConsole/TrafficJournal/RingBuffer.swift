/// Keeps the newest elements up to a fixed count; an append beyond it overwrites the oldest.
struct RingBuffer<Element> {
    /// Elements kept at most, 1 or more.
    let capacity: Int
    private var elements: [Element] = []
    private var start = 0

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { self.elements.count }

    /// The element at a distance from the oldest one, from 0 to `count - 1`.
    subscript(offset: Int) -> Element {
        let index = self.start + offset
        return self.elements[index < self.elements.count ? index : index - self.elements.count]
    }

    /// Appends an element.
    /// - Returns: The one that it pushed out, or `nil`.
    mutating func append(_ element: Element) -> Element? {
        guard self.elements.count == self.capacity else {
            self.elements.append(element)
            return nil
        }
        let oldest = self.elements[self.start]
        self.elements[self.start] = element
        self.start = self.start + 1 == self.capacity ? 0 : self.start + 1
        return oldest
    }
}
