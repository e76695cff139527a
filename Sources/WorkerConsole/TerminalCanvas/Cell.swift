/// One character cell of the screen.
package struct Cell: Sendable, Equatable {
    /// One grapheme cluster; empty in the second column of a wide character.
    package var text: String
    package var role: Role

    package init(_ text: String = " ", role: Role = .plain) {
        self.text = text
        self.role = role
    }

    package static let blank = Cell()
    /// What stands in the second column of a wide character.
    package static func continuation(_ role: Role) -> Cell { Cell("", role: role) }
}
