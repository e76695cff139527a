import CSQLite
import Glibc
import Synchronization

/// SQLite's view of files for a reader that is a guest: every database file is opened for reading only, and nothing is
/// created or removed.
///
/// It stands on SQLite's own file layer and differs in four points:
/// - the flags that create, write or delete are taken away, so that a file that vanishes between two looks is not made
///   again, as a plain read-only connection would do with `-wal` and `-shm`;
/// - a missing `-wal` reads as an empty one;
/// - deleting is a promise that is not kept;
/// - where no `-shm` stands beside the database, nobody has it open; SQLite is told that shared memory can neither be
///   read nor made, and builds its index of the `-wal` in its own memory (as it does for read-only media,
///   https://sqlite.org/wal.html#readonly).
///
/// Where a `-shm` stands, it is opened for reading (`readonly_shm=1`): SQLite's locks on it work for readers, and
/// whether anybody holds it is seen by SQLite itself, which ignores a stale one.
enum GuestFileSystem {
    static let name = "worker-console-guest"

    /// Makes the layer known to SQLite, once. False when SQLite has no layer to stand on.
    static let isRegistered: Bool = register()

    /// Tables of file methods without shared memory, by the address of the table that they were made from.
    fileprivate static let privateMethods = Mutex<[UInt: UInt]>([:])

    private static func register() -> Bool {
        guard let original = sqlite3_vfs_find(nil) else { return false }
        // SQLite keeps these two for as long as the process lives.
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        layer.initialize(to: original.pointee)
        layer.pointee.pNext = nil
        layer.pointee.zName = UnsafePointer(strdup(self.name))
        layer.pointee.pAppData = UnsafeMutableRawPointer(original)
        layer.pointee.xOpen = { layer, name, file, flags, outFlags in
            GuestFileSystem.open(layer, name, file, flags, outFlags)
        }
        layer.pointee.xDelete = { _, _, _ in SQLITE_OK }
        return sqlite3_vfs_register(layer, 0) == SQLITE_OK
    }

    private static func open(
        _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let file, let address = layer?.pointee.pAppData else { return SQLITE_MISUSE }
        let original = address.assumingMemoryBound(to: sqlite3_vfs.self)
        guard let openOriginal = original.pointee.xOpen else { return SQLITE_MISUSE }
        let belongsToOwner =
            SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL
        guard let name, flags & belongsToOwner != 0 else {
            // SQLite's own temporary files: they have no name and stand outside the owner's folder.
            return openOriginal(original, name, file, flags, outFlags)
        }
        file.pointee.pMethods = nil
        let path = String(cString: name)
        let kind = GuestFiles.kind(of: path)
        // Where a log stood a moment ago its owner is at work: reading without it would miss what is in the next one.
        if kind == .missing, flags & SQLITE_OPEN_WAL != 0, sqlite3_uri_boolean(name, "has_log", 0) == 0 {
            file.pointee.pMethods = UnsafePointer(self.emptyFile.pointer)
            outFlags?.pointee = SQLITE_OPEN_READONLY | SQLITE_OPEN_WAL
            return SQLITE_OK
        }
        // Opening a pipe or a device could wait for ever.
        guard kind == .regular else { return SQLITE_CANTOPEN }
        let writing =
            SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE | SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_EXCLUSIVE
        let code = openOriginal(original, name, file, (flags & ~writing) | SQLITE_OPEN_READONLY, outFlags)
        guard code == SQLITE_OK, flags & SQLITE_OPEN_MAIN_DB != 0, GuestFiles.kind(of: path + "-shm") == .missing,
            let methods = file.pointee.pMethods
        else { return code }
        file.pointee.pMethods = self.withoutSharedMemory(methods)
        return code
    }

    private static func withoutSharedMemory(
        _ methods: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods>? {
        let address = self.privateMethods.withLock { known -> UInt in
            let key = UInt(bitPattern: methods)
            if let address = known[key] { return address }
            let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            copy.initialize(to: methods.pointee)
            copy.pointee.xShmMap = { _, _, _, _, address in
                address?.pointee = nil
                return SQLITE_READONLY | (5 << 8)  // SQLITE_READONLY_CANTINIT
            }
            copy.pointee.xShmLock = { _, _, _, _ in SQLITE_OK }
            copy.pointee.xShmBarrier = { _ in }
            copy.pointee.xShmUnmap = { _, _ in SQLITE_OK }
            known[key] = UInt(bitPattern: copy)
            return UInt(bitPattern: copy)
        }
        return UnsafePointer(bitPattern: address)
    }

    /// The methods of a file of no bytes.
    private static let emptyFile = MethodTable(
        sqlite3_io_methods(
            iVersion: 1,
            xClose: { _ in SQLITE_OK },
            xRead: { _, buffer, count, _ in
                if let buffer { memset(buffer, 0, Int(max(0, count))) }
                return SQLITE_IOERR | (2 << 8)  // SQLITE_IOERR_SHORT_READ
            },
            xWrite: { _, _, _, _ in SQLITE_READONLY },
            xTruncate: { _, _ in SQLITE_READONLY },
            xSync: { _, _ in SQLITE_OK },
            xFileSize: { _, size in
                size?.pointee = 0
                return SQLITE_OK
            },
            xLock: { _, _ in SQLITE_OK },
            xUnlock: { _, _ in SQLITE_OK },
            xCheckReservedLock: { _, isReserved in
                isReserved?.pointee = 0
                return SQLITE_OK
            },
            xFileControl: { _, _, _ in SQLITE_NOTFOUND },
            xSectorSize: { _ in 4_096 },
            xDeviceCharacteristics: { _ in 0 },
            xShmMap: nil, xShmLock: nil, xShmBarrier: nil, xShmUnmap: nil, xFetch: nil, xUnfetch: nil))

    /// A table of file methods that lives as long as the process.
    ///
    /// Unchecked: the table is written once, before anybody else sees it.
    private struct MethodTable: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<sqlite3_io_methods>

        init(_ methods: sqlite3_io_methods) {
            self.pointer = .allocate(capacity: 1)
            self.pointer.initialize(to: methods)
        }
    }
}
