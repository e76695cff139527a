/// One press of the mouse, or one notch of its wheel.
package struct MouseEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The left button went down.
        case press
        case wheelUp, wheelDown
    }

    package let kind: Kind
    /// From 0, at the top.
    package let row: Int
    /// From 0, at the left.
    package let column: Int

    package init(_ kind: Kind, row: Int, column: Int) {
        self.kind = kind
        self.row = row
        self.column = column
    }
}
