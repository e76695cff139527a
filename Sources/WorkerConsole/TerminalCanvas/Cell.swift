/// One character cell of the screen.
package struct Cell: Sendable, Equatable {
    private static let roleBit: UInt64 = 48
    private static let selectedBit: UInt64 = 63

    private var first: UInt64
    /// The rest of the grapheme, and above it the role and whether it is selected.
    private var second: UInt64

    package init(_ grapheme: Grapheme = .blank, role: Role = .plain, isSelected: Bool = false) {
        self.first = grapheme.first
        self.second =
            grapheme.second | UInt64(role.rawValue) << Self.roleBit | (isSelected ? 1 << Self.selectedBit : 0)
    }

    package static let blank = Cell()
    /// What stands in the second column of a wide character.
    package static func continuation(_ role: Role) -> Cell { Cell(.none, role: role) }

    /// Empty in the second column of a wide character.
    package var grapheme: Grapheme {
        get { Grapheme(first: self.first, second: self.second) }
        set { self = Cell(newValue, role: self.role, isSelected: self.isSelected) }
    }

    package var isContinuation: Bool { self.first == 0 }

    package var text: String { self.grapheme.text }

    package var role: Role {
        get { Role(rawValue: UInt8(truncatingIfNeeded: self.second >> Self.roleBit)) ?? .plain }
        set { self = Cell(self.grapheme, role: newValue, isSelected: self.isSelected) }
    }

    /// In the row that keys go to: it keeps the colours of its role, on a background of its own.
    package var isSelected: Bool {
        get { self.second >> Self.selectedBit == 1 }
        set { self = Cell(self.grapheme, role: self.role, isSelected: newValue) }
    }
}
