"""The wheel fits any Python 3, but only the platform of the library that it carries."""
from setuptools import setup
from setuptools.dist import Distribution
from wheel.bdist_wheel import bdist_wheel


class CarriesLibrary(Distribution):
    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=CarriesLibrary, cmdclass={"bdist_wheel": AnyPython})
