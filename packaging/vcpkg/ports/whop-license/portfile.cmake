# An overlay port: it builds the checkout that it stands in, with cargo from PATH.
#     vcpkg install whop-license --overlay-ports=packaging/vcpkg/ports

get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

# Cargo's release build alone.
set(VCPKG_BUILD_TYPE release)
# The package always has both forms, as targets of two names.
set(VCPKG_POLICY_DLLS_IN_STATIC_LIBRARY enabled)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}")
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME whop_license CONFIG_PATH lib/cmake/whop_license)
vcpkg_fixup_pkgconfig()

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE-MIT" "${SOURCE_PATH}/LICENSE-APACHE" "${SOURCE_PATH}/THIRD-PARTY")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
