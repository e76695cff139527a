/// Something that knows its place in the one ``PlacedList`` that it is in.
protocol Placed: AnyObject {
    var place: Int { get set }
}

/// Objects in no order; taking one out costs the same however many there are.
struct PlacedList<Element: Placed> {
    private var elements: [Element] = []

    /// - Precondition: It is in no list.
    mutating func add(_ element: Element) {
        element.place = self.elements.count
        self.elements.append(element)
    }

    /// - Precondition: It is in this list.
    mutating func remove(_ element: Element) {
        let last = self.elements.removeLast()
        guard last !== element else { return }
        last.place = element.place
        self.elements[element.place] = last
    }

    /// Takes all out.
    mutating func takeAll() -> [Element] {
        defer { self.elements = [] }
        return self.elements
    }
}
