import Core
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Roles and masks")
struct RoleTests {
    @Test("Of every two roles, only those that belong together are held together")
    func pairs() {
        let together: Set<Set<Role>> = [
            [.unitStaff, .unitHead], [.unitStaff, .digitalOffice], [.unitStaff, .leader], [.unitHead, .digitalOffice],
            [.unitHead, .leader], [.digitalOffice, .leader], [.enterprise, .cppccMember],
        ]
        for left in Role.allCases {
            for right in Role.allCases {
                let roles: Set<Role> = [left, right]
                let isAllowed = (try? RoleRules.check(roles)) != nil
                #expect(isAllowed == (roles.count == 1 || together.contains(roles)), "\(left) and \(right)")
            }
        }
        #expect(throws: OrganisationError.rolesMissing) { try RoleRules.check([]) }
    }

    @Test(
        "A name that could be mistaken for another, or that hides something, is refused",
        arguments: [
            ("a", "某人"), ("9lives", "某人"), ("zh ang", "某人"), ("张三", "某人"), ("zhang", ""), ("zhang", "某\u{202E}人"),
            ("zhang", "某\n人"), (String(repeating: "a", count: 41), "某人"), ("zhang", String(repeating: "某", count: 61)),
        ])
    func names(signIn: String, name: String) async throws {
        let profile = try await OrganisationWorld(.sqlite).profile
        let draft = PersonDraft(signInName: signIn, name: name, unitCode: nil, roles: [.digitalOffice])
        #expect(throws: OrganisationError.self) { try draft.check(profile) }
    }

    @Test("Staff need a unit of the profile, and a name is read in lower case without the spaces around it")
    func draft() async throws {
        let profile = try await OrganisationWorld(.sqlite).profile
        let staff = PersonDraft(signInName: "  Zhang.San ", name: " 张三 ", unitCode: "", roles: [.unitStaff])
        #expect(staff.signInName == "zhang.san" && staff.name == "张三" && staff.unitCode == nil)
        #expect(throws: OrganisationError.unitNeeded) { try staff.check(profile) }
        var wrong = staff
        wrong.unitCode = "nowhere"
        #expect(throws: OrganisationError.unitUnknown("nowhere")) { try wrong.check(profile) }
        wrong.unitCode = "construction"
        try wrong.check(profile)
    }

    @Test("What stays of numbers, names and addresses tells nobody who it was")
    func masks() {
        #expect(Masking.text("请打13812341234，身份证310107199001011234") == "请打138****1234，身份证310***********1234")
        #expect(Masking.text("2021-04-19起，共20210419号文") == "2021-04-19起，共20210419号文")
        #expect(Masking.text("021-62341234") == "021-****1234")
        #expect(Masking.name("张三丰") == "张**" && Masking.name("") == "" && Masking.name("李") == "李*")
        #expect(Masking.phone("13812341234") == "138****1234")
        #expect(Masking.address("曹杨路500号3号楼201室") == "曹杨路***")
        #expect(Masking.text("") == "" && Masking.text("123456") == "123456")
    }

    @Test("Only those who handle a case may open what is masked")
    func reveal() {
        func may(_ roles: Set<Role>, _ unit: String?) -> Bool {
            let account = Visitor.Account(personID: 1, name: "某", unitCode: unit, roles: roles)
            return Masking(for: Visitor(account: account, sessionKey: "k"), unitCodes: ["construction"]).mayReveal
        }
        #expect(may([.digitalOffice], nil) && may([.unitStaff], "construction") && may([.unitHead], "construction"))
        #expect(!may([.unitStaff], "publicity") && !may([.unitHead], nil) && !may([.leader], "construction"))
        for role in RoleRules.administrators { #expect(!may([role], "construction")) }
        #expect(!Masking(for: Visitor(account: nil, sessionKey: "k"), unitCodes: ["construction"]).mayReveal)
    }
}
