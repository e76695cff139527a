/// A row of elements that is cheap to change at both ends: a value, in an array whose two ends are joined.
///
/// A change in the middle moves the elements of its shorter side.
struct Ring<Element> {
    /// Empty, or as many places as a power of two; `nil` in those that are free.
    private var places: [Element?] = []
    /// The place of the first element.
    private var start = 0
    private(set) var count = 0

    init() {}

    init(_ elements: [Element]) {
        self.grow(to: elements.count)
        for element in elements { self.append(element) }
    }

    var isEmpty: Bool { self.count == 0 }
    var first: Element? { self.isEmpty ? nil : self[0] }
    var last: Element? { self.isEmpty ? nil : self[self.count - 1] }

    /// The element at a distance from the first one, from 0 to `count - 1`.
    subscript(offset: Int) -> Element {
        // Lends the element: copying one counts each of its references.
        _read {
            precondition(offset >= 0 && offset < self.count, "no element there")
            // A place in use is not free, and only this form lends what it holds.
            // swift-format-ignore: NeverForceUnwrap
            yield self.places[self.place(offset)]!
        }
        set {
            precondition(offset >= 0 && offset < self.count, "no element there")
            self.places[self.place(offset)] = newValue
        }
    }

    mutating func append(_ element: Element) {
        self.grow(to: self.count + 1)
        self.places[self.place(self.count)] = element
        self.count += 1
    }

    /// Inserts an element before the one that stands at `offset`, or behind the last one.
    mutating func insert(_ element: Element, at offset: Int) {
        precondition(offset >= 0 && offset <= self.count, "no place there")
        self.grow(to: self.count + 1)
        if offset < self.count - offset {
            self.start = self.place(-1)
            for moved in 0..<offset { self.places.swapAt(self.place(moved), self.place(moved + 1)) }
        } else {
            for moved in (offset..<self.count).reversed() {
                self.places.swapAt(self.place(moved), self.place(moved + 1))
            }
        }
        self.places[self.place(offset)] = element
        self.count += 1
    }

    mutating func removeFirst(_ removed: Int) { self.remove(0..<removed) }

    /// Takes neighbours out.
    mutating func remove(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= self.count, "no elements there")
        for offset in range { self.places[self.place(offset)] = nil }
        let following = self.count - range.upperBound
        if range.lowerBound < following {
            for moved in (0..<range.lowerBound).reversed() {
                self.places.swapAt(self.place(moved), self.place(moved + range.count))
            }
            self.start = self.place(range.count)
        } else {
            for moved in 0..<following {
                self.places.swapAt(self.place(range.lowerBound + moved), self.place(range.upperBound + moved))
            }
        }
        self.count -= range.count
    }

    private func place(_ offset: Int) -> Int { (self.start &+ offset) & (self.places.count &- 1) }

    private mutating func grow(to count: Int) {
        guard count > self.places.count else { return }
        var size = 16
        while size < count { size *= 2 }
        var places: [Element?] = []
        places.reserveCapacity(size)
        for offset in 0..<self.count { places.append(self.places[self.place(offset)]) }
        places.append(contentsOf: repeatElement(nil, count: size - self.count))
        self.places = places
        self.start = 0
    }
}

extension Ring: Sendable where Element: Sendable {}
