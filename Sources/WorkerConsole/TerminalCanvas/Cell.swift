/// One character cell of the screen.
package struct Cell: Sendable, Equatable {
    /// One grapheme cluster; empty in the second column of a wide character.
    package var text: String
    package var role: Role
    /// In the row that keys go to: it keeps the colours of its role, on a background of its own.
    package var isSelected: Bool

    package init(_ text: String = " ", role: Role = .plain, isSelected: Bool = false) {
        self.text = text
        self.role = role
        self.isSelected = isSelected
    }

    package static let blank = Cell()
    /// What stands in the second column of a wide character.
    package static func continuation(_ role: Role) -> Cell { Cell("", role: role) }
}
